{#
    Postcodes as letters and digits without spaces; US ZIP+4 codes as their first five digits, the last three characters of
    British codes left out of the area. A value without any digit (a city in the wrong column) is incorrect.
#}
{% macro prepare_postcode(field) %}
    {%- set f = field.name -%}
    {%- set clean = f ~ '__clean' -%}
    {{- return({
        'clean': dbt_dedup.replace_pattern(dbt_dedup.fold_text(f ~ '__original'), '[^a-z0-9]+', ''),
        'value': ("case when " ~ dbt_dedup.matches_pattern(clean, '^[0-9]{9}$') ~ " then left(" ~ clean ~ ", 5) else "
            ~ "nullif(" ~ clean ~ ", '') end") if field.country == 'US' else "nullif(" ~ clean ~ ", '')",
        'problems': [
            {'name': 'no_digits', 'when': 'not ' ~ dbt_dedup.matches_pattern(clean, '[0-9]')},
            {'name': 'wrong_length', 'when': 'length(' ~ clean ~ ') not between 3 and 10'},
            {'name': 'repeated_digit', 'when': "length(replace(" ~ clean ~ ", left(" ~ clean ~ ", 1), '')) = 0"},
        ],
        'derived': {
            'area': "case when " ~ dbt_dedup.matches_pattern(f, '^[a-z]{1,2}[0-9][a-z0-9]?[0-9][a-z]{2}$')
                ~ " then left(" ~ f ~ ", length(" ~ f ~ ") - 3) else left(" ~ f ~ ", 3) end",
        },
    }) -}}
{% endmacro %}
