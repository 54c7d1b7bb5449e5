{# Dates: distance, parts in common, day and month swapped, typing errors, and how rare the shared date is. #}
{% macro compare_date(field) %}
    {%- set f = field.name -%}
    {{- return([
        {
            'name': 'exact',
            'direction': 1,
            'description': '1 where the values are equal',
            'sql': dbt_dedup.same(f),
        },
        {
            'name': 'log_days',
            'direction': -1,
            'description': 'log2(1 + days between the dates)',
            'sql': dbt_dedup.log_days(f),
        },
        {
            'name': 'parts',
            'direction': 1,
            'description': 'how many of year, month and day are equal (0 to 3)',
            'sql': dbt_dedup.equal_date_parts(f),
        },
        {
            'name': 'swapped',
            'direction': 1,
            'description': '1 where day and month of one side are month and day of the other',
            'sql': dbt_dedup.day_month_swapped(f),
        },
        {
            'name': 'edit',
            'direction': 1,
            'description': '1 - edit distance / 8, over the digits YYYYMMDD',
            'sql': dbt_dedup.edit_similarity('l.' ~ f ~ '__digits', 'r.' ~ f ~ '__digits'),
        },
        {
            'name': 'rarity',
            'direction': 1,
            'description': 'rarity in bits of the value both share, 0 where they differ',
            'sql': dbt_dedup.rarity_of_agreement(f),
        },
    ]) -}}
{% endmacro %}
