"""Files for the desk (公文稿): drafts with their sources, written as Word documents."""
