{# Categories: agreement, and how rare the shared category is. #}
{% macro compare_category(field) %}
    {%- set f = field.name -%}
    {{- return([
        {
            'name': 'exact',
            'direction': 1,
            'description': '1 where the values are equal',
            'sql': dbt_dedup.same(f),
        },
        {
            'name': 'rarity',
            'direction': 1,
            'description': 'rarity in bits of the value both share, 0 where they differ',
            'sql': dbt_dedup.rarity_of_agreement(f),
        },
    ]) -}}
{% endmacro %}
