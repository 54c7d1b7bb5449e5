{# The name that shares most letter pairs with a word (Dice coefficient of at least one half); none where nothing is near. #}
{% macro _nearest_name(word, names) %}
    {%- set best = namespace(name=none, score=0.5) -%}
    {%- set pairs = dbt_dedup._letter_pairs(word | string | lower) -%}
    {%- for name in names -%}
        {%- set other = dbt_dedup._letter_pairs(name | string | lower) -%}
        {%- set score = 2 * (pairs | select('in', other) | list | length) / ((pairs | length) + (other | length)) -%}
        {%- if score >= best.score -%}{%- set best.name = name -%}{%- set best.score = score -%}{%- endif -%}
    {%- endfor -%}
    {{- return(best.name) -}}
{% endmacro %}
