{# Cities and other places: spelling, and how rare the shared place is. #}
{% macro compare_city(field) %}
    {%- set f = field.name -%}
    {{- return([
        {
            'name': 'exact',
            'direction': 1,
            'description': '1 where the values are equal',
            'sql': dbt_dedup.same(f),
        },
        {
            'name': 'jaro_winkler',
            'direction': 1,
            'description': 'Jaro-Winkler similarity',
            'sql': dbt_dedup.name_similarity('l.' ~ f, 'r.' ~ f),
        },
        {
            'name': 'edit',
            'direction': 1,
            'description': '1 - edit distance / length of the longer value, over the first 100 characters',
            'sql': dbt_dedup.edit_similarity('l.' ~ f, 'r.' ~ f),
        },
        {
            'name': 'contains',
            'direction': 1,
            'description': '1 where the words of one side stand inside the other',
            'sql': dbt_dedup.contains_words('l.' ~ f, 'r.' ~ f),
        },
        {
            'name': 'rarity',
            'direction': 1,
            'description': 'rarity in bits of the value both share, 0 where they differ',
            'sql': dbt_dedup.rarity_of_agreement(f),
        },
    ]) -}}
{% endmacro %}
