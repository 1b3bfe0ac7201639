"""Stub of validation for tests of the DAGs; everything else is the real package."""

from pkgutil import extend_path

__path__ = extend_path(__path__, __name__)
