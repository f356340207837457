"""What frames the three zones: top bar, status bar, message strip, palette, shortcut map, welcome page."""
