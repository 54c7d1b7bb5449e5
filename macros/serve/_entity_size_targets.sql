{#
    SQL of the levels that guard the sizes of entities, by name, over the columns of `entity_shape` in the metrics. An entity of
    up to `large_entity` records always passes, so a table of a few records does. A warning level that is laxer than the level
    that fails counts as equal to it.

    `auto` allows the largest entity the square root of the number of records. That many records make half as many pairs as
    there are records, about as many as all the other duplicates of a table with one duplicate per record: if the entity is
    wrong, so are half of the merged pairs.
#}
{% macro _entity_size_targets(targets) %}
    {%- set always_allowed = targets.large_entity ~ ' / nullif(records, 0)' -%}
    {%- set allowed = '1 / sqrt(nullif(records, 0))' if targets.max_entity_share == 'auto' else targets.max_entity_share -%}
    {%- set unsuspicious = '(' ~ allowed ~ ') / 2' if targets.warn_entity_share == 'auto' else targets.warn_entity_share -%}
    {{- return({
        'entity_share': 'least(greatest(' ~ allowed ~ ', ' ~ always_allowed ~ '), 1)',
        'warn_entity_share': 'least(greatest(least(' ~ allowed ~ ', ' ~ unsuspicious ~ '), ' ~ always_allowed ~ '), 1)',
        'large_entity_share': targets.max_large_entity_share,
        'warn_large_entity_share': [targets.warn_large_entity_share, targets.max_large_entity_share] | min,
        'transitivity': targets.min_transitivity,
        'warn_transitivity': [targets.warn_transitivity, targets.min_transitivity] | max,
    }) -}}
{% endmacro %}
