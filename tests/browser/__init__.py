"""Tests in a real browser: a package, so that its one Chromium and server end with its last test."""
