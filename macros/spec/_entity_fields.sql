{# The fields of a spec in order, each with its name, type, input column and options. #}
{% macro _entity_fields(entity, given) %}
    {%- set keys = dbt_dedup.spec_keys().field -%}
    {%- set fields = [] -%}
    {%- for field_name, options in given.items() -%}
        {%- set key = 'fields.' ~ field_name -%}
        {%- if not dbt_dedup._is_allowed(field_name, {'is': 'name'}) or '__' in field_name -%}
            {{- dbt_dedup.spec_error(
                entity, key, field_name,
                "a name of lower-case letters, digits and single underscores (give the input's spelling as `column:`)"
            ) -}}
        {%- endif -%}
        {%- if field_name in dbt_dedup._record_columns() -%}
            {{- dbt_dedup.spec_error(
                entity, key, field_name,
                "another name: this one is a column of the package itself (give the input's spelling as `column:`)"
            ) -}}
        {%- endif -%}
        {%- if field_name in dbt_dedup._sql_words() -%}
            {{- dbt_dedup.spec_error(
                entity, key, field_name, "another name: this one is a word of SQL (give the input's spelling as `column:`)"
            ) -}}
        {%- endif -%}
        {%- for option in (options if options is mapping else []) if option not in keys -%}
            {{- dbt_dedup.spec_error(entity, key ~ '.' ~ option, option, keys.keys() | list) -}}
        {%- endfor -%}
        {%- if options is not mapping or options.get('type') is none -%}
            {{- dbt_dedup.spec_error(
                entity, key, 'nothing' if options is none else options, 'a mapping with a type, such as {type: email}'
            ) -}}
        {%- endif -%}
        {%- set is_name = dbt_dedup._is_allowed(options.type, keys.type) -%}
        {%- if not is_name or not dbt_dedup._type_macro('prepare', options.type) or not dbt_dedup._type_macro('compare', options.type) -%}
            {{- dbt_dedup.spec_error(entity, key ~ '.type', options.type, dbt_dedup.field_types()) -}}
        {%- endif -%}
        {%- set field = dbt_dedup._filled(entity, key ~ '.', options, keys) -%}
        {%- do field.update({'entity': entity, 'name': field_name, 'column': field.column or field_name}) -%}
        {#- YAML reads the code of Norway, NO, as false -#}
        {%- if field.country is sameas false -%}{%- do field.update({'country': 'NO'}) -%}{%- endif -%}
        {#- YAML reads 1900-01-02 as a date, JSON does not know dates -#}
        {%- for bound in ['min', 'max'] if field[bound] is not none and field[bound] is not number -%}
            {%- do field.update({bound: field[bound] | string}) -%}
        {%- endfor -%}
        {%- do fields.append(field) -%}
    {%- endfor -%}
    {{- return(fields) -}}
{% endmacro %}
