"""The picture of a map: what a page shows in its place until a reader moves it, and without JavaScript."""
