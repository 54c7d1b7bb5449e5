{#
    The fields of a spec whose columns are in its table of true values, in order: those whose golden values can be checked. None
    where the spec names no such table, and none while dbt parses the project.
#}
{% macro _fields_with_truth(spec) %}
    {%- set fields = [] -%}
    {#- read while dbt parses the project too, so that it knows what the model depends on -#}
    {%- set relation = ref(spec.truth_values) if spec.truth_values else none -%}
    {%- if relation and execute -%}
        {%- set known = adapter.get_columns_in_relation(relation) | map(attribute='name') | map('lower') | list -%}
        {%- for field in spec.fields -%}
            {%- set columns = [field.column] if field.column is string else field.column -%}
            {%- if columns | map('lower') | reject('in', known) | list | length == 0 -%}{%- do fields.append(field) -%}{%- endif -%}
        {%- endfor -%}
    {%- endif -%}
    {{- return(fields) -}}
{% endmacro %}
