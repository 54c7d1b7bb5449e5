"""Write the models of an entity and their YAML, from the reference project."""

from dbt_dedup.scaffold.descriptions import OF_THE_DEMO, entity_yaml
from dbt_dedup.scaffold.models import write_models

__all__ = ["OF_THE_DEMO", "entity_yaml", "write_models"]
