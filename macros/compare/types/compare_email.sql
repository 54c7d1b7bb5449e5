{# E-mail addresses: the whole, the local part, the domain, and how rare the shared address is. #}
{% macro compare_email(field) %}
    {%- set f = field.name -%}
    {{- return([
        {
            'name': 'exact',
            'direction': 1,
            'description': '1 where the values are equal',
            'sql': dbt_dedup.same(f),
        },
        {
            'name': 'local',
            'direction': 1,
            'description': 'Jaro-Winkler similarity of the local parts',
            'sql': dbt_dedup.name_similarity('l.' ~ f ~ '__local', 'r.' ~ f ~ '__local'),
        },
        {
            'name': 'domain',
            'direction': 1,
            'description': '1 where the domains are equal',
            'sql': dbt_dedup.same(f ~ '__domain'),
        },
        {
            'name': 'rarity',
            'direction': 1,
            'description': 'rarity in bits of the value both share, 0 where they differ',
            'sql': dbt_dedup.rarity_of_agreement(f),
        },
    ]) -}}
{% endmacro %}
