"""Write the models of an entity and their YAML, from the reference project."""

from dbt_dedup.scaffold.descriptions import OF_THE_DEMO, entity_yaml
from dbt_dedup.scaffold.models import model_texts, write_models

__all__ = ["OF_THE_DEMO", "entity_yaml", "model_texts", "write_models"]
