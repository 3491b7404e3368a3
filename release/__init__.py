"""What makes a release: version and changelog, the archive, the bill of materials, the licences."""
