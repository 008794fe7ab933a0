"""Engines that turn sound into words, behind one interface."""
