{# A name without a title before it; null where nothing is left. #}
{% macro without_title(name) %}
    {{- return(
        "nullif(" ~ dbt_dedup.replace_pattern(name, '^(mr|mrs|ms|miss|dr|prof|sir|rev|herr|frau|mme|sr|sra) ', '') ~ ", '')"
    ) -}}
{% endmacro %}
