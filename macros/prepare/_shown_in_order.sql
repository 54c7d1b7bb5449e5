{#
    What a golden record shows of a full name: as shown_without_remarks, with the given name first where the text is
    `Family, Given`. What follows the comma is a given name if the standardized value begins with it.
#}
{% macro _shown_in_order(field_name) %}
    {%- set original = field_name ~ '__original' -%}
    {%- set shown = dbt_dedup.shown_without_remarks(field_name) -%}
    {%- set given = dbt_dedup.extract_pattern(original, '^[^,]+, *([^, ]+)', 1) -%}
    {{- return(dbt_dedup.case_lines([
        "when " ~ original ~ " like '%,%' and " ~ field_name ~ " like " ~ dbt_dedup.fold_text(given) ~ " || ' %'"
            ~ "\n    then " ~ dbt_dedup.replace_pattern(shown, '^([^,]+), *([^,]+)$', '\\2 \\1')
    ], shown)) -}}
{% endmacro %}
