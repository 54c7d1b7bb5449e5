{# The columns of stg_<entity>__records in order, without those of the whole text. `prepared` has what the types say. #}
{% macro stg_columns(fields, prepared) %}
    {%- set columns = ['record_id', 'source', 'updated_at', 'input_digest'] -%}
    {%- for field in fields -%}
        {%- do columns.extend([field.name ~ '__original', field.name ~ '__problem', field.name]) -%}
        {%- for part in prepared[field.name].parts -%}{%- do columns.append(field.name ~ '__' ~ part) -%}{%- endfor -%}
    {%- endfor -%}
    {{- return(columns) -}}
{% endmacro %}
