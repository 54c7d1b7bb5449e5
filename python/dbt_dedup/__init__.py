"""Find and merge duplicate and incorrect records inside the warehouse: the Python side of the dbt package."""

__version__ = "0.1.0"
