{#
    A digest of the original values of a record, and of the countries by which they are read. As long as it stays the same, the input says the same about the record. The
    control characters keep a null apart from an empty text and one value from the next. Fields are taken by name, so their order in
    the spec makes no difference.
#}
{% macro _record_digest(fields) %}
    {%- set values = [] -%}
    {%- for field in fields | sort(attribute='name') -%}
        {%- do values.append('coalesce(' ~ field.name ~ '__original, chr(30))') -%}
        {%- if field.country is mapping -%}{%- do values.append('texts.' ~ field.name ~ '__country_text') -%}{%- endif -%}
    {%- endfor -%}
    {{- return(dbt_dedup.text_digest('concat_ws(\n    chr(31),\n    ' ~ values | join(',\n    ') ~ '\n)')) -}}
{% endmacro %}
