"""The versions of an entity's model: written, checked, compared and put into production."""
