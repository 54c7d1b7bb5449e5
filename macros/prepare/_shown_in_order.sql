{#
    What a golden record shows of a full name: as _shown_name, with the given name first where the text is
    `Family, Given`. What follows the comma is a given name if the standardized value begins like it: two letters, or two from
    the second on, because the first may have a diacritic.
#}
{% macro _shown_in_order(field_name) %}
    {%- set original = field_name ~ '__original' -%}
    {%- set shown = dbt_dedup._shown_name(field_name) -%}
    {%- set given = 'lower(' ~ dbt_dedup.extract_pattern(original, '^[^,]+, *([^, ]+)', 1) ~ ')' -%}
    {%- set begins = [] -%}
    {%- for first in [1, 2] -%}
        {%- do begins.append('substr(' ~ given ~ ', ' ~ first ~ ', 2) = substr(' ~ field_name ~ ', ' ~ first ~ ', 2)') -%}
    {%- endfor -%}
    {{- return(dbt_dedup.case_lines([
        "when " ~ original ~ " like '%,%'\n    and " ~ field_name ~ " like '% %'\n    and (" ~ begins | join('\n    or ')
            ~ ")\n    then " ~ dbt_dedup.replace_pattern(shown, '^([^,]+), *([^,]+)$', '\\2 \\1')
    ], shown)) -}}
{% endmacro %}
