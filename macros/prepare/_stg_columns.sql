{# The columns of stg_<entity>__records in order, without those of the whole text. `prepared` has what the types say. #}
{% macro _stg_columns(spec, prepared) %}
    {%- set columns = ['record_id', 'source'] -%}
    {%- if spec.updated_at -%}{%- do columns.extend(['updated_at__original', 'updated_at__problem']) -%}{%- endif -%}
    {%- do columns.extend(['updated_at', 'input_digest']) -%}
    {%- for field in spec.fields -%}
        {%- set f = field.name -%}
        {%- do columns.extend([f ~ '__original', f ~ '__problem']) -%}
        {%- for suffix in dbt_dedup._remark_columns(field, prepared[f]) -%}{%- do columns.append(f ~ '__' ~ suffix) -%}{%- endfor -%}
        {%- do columns.append(f) -%}
        {%- for part in prepared[f].parts -%}{%- do columns.append(f ~ '__' ~ part) -%}{%- endfor -%}
    {%- endfor -%}
    {{- return(columns) -}}
{% endmacro %}
