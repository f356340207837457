"""Tests of the page of artifacts and of the viewers."""
