{#
    Whether the SQL with CTEs for every field is so long that the engine has to be told (see allow_long_queries). A type may need
    forty CTEs, so that comes long before the thousand of which engines have a limit.
#}
{% macro _has_many_fields(spec) %}
    {{- return(spec.fields | length > 20) -}}
{% endmacro %}
