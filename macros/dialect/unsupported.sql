{# The `default__` of every function in this folder: an adapter without a spelling of its own stops here. #}
{% macro unsupported(function) %}
    {{- exceptions.raise_compiler_error(
        "dbt_dedup has no '" ~ function ~ "' for the adapter '" ~ target.type ~ "'. Supported: duckdb. "
        ~ "To add it, define the macro '" ~ target.type ~ "__" ~ function ~ "' in your project and list your project "
        ~ "first in `dispatch: [{macro_namespace: dbt_dedup, search_order: [your_project, dbt_dedup]}]`."
    ) -}}
{% endmacro %}
