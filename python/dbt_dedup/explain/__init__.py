"""Why records are one entity, or are not: what `dbt-dedup why` says, as text and as a picture."""
