"""The left zone: the tree of experiments."""

from runfolio.gui.navigator.view import Navigator as Navigator
