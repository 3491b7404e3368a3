"""Wikis and notes as they are exported: Notion, Obsidian, Markdown in general, MediaWiki."""
