"""Words of the interface (界面文字), in Chinese and English, a file a page. What documents and answers say is not here."""
