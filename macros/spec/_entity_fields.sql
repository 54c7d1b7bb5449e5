{# The fields of a spec in order, each with its name, type, input column and options. #}
{% macro _entity_fields(entity, given) %}
    {%- set defaults = dbt_dedup._field_defaults() -%}
    {%- set fields = [] -%}
    {%- if given is not mapping -%}
        {{- dbt_dedup.spec_error(entity, 'fields', given, 'a mapping of field names to {type: ...}') -}}
    {%- endif -%}
    {%- for field_name, options in given.items() -%}
        {%- set key = 'fields.' ~ field_name -%}
        {%- if not modules.re.fullmatch('[a-z][a-z0-9_]*', field_name) or '__' in field_name -%}
            {{- dbt_dedup.spec_error(
                entity, key, field_name,
                "a name of lower-case letters, digits and single underscores (give the input's spelling as `column:`)"
            ) -}}
        {%- endif -%}
        {%- if field_name in ['record_key', 'record_id', 'source', 'updated_at', 'representative_key', 'entity_id', 'whole_text'] -%}
            {{- dbt_dedup.spec_error(entity, key, field_name, 'another name: this one is a column of the package itself') -}}
        {%- endif -%}
        {%- if field_name in dbt_dedup._sql_words() -%}
            {{- dbt_dedup.spec_error(
                entity, key, field_name, "another name: this one is a word of SQL (give the input's spelling as `column:`)"
            ) -}}
        {%- endif -%}
        {%- if options is not mapping or not options.get('type') -%}
            {{- dbt_dedup.spec_error(entity, key, options, 'a mapping with a type, such as {type: email}') -}}
        {%- endif -%}
        {%- for option in options if option not in defaults -%}
            {{- dbt_dedup.spec_error(entity, key ~ '.' ~ option, option, defaults.keys() | list) -}}
        {%- endfor -%}
        {%- if not dbt_dedup._type_macro('prepare', options.type) or not dbt_dedup._type_macro('compare', options.type) -%}
            {{- dbt_dedup.spec_error(entity, key ~ '.type', options.type, dbt_dedup.field_types()) -}}
        {%- endif -%}
        {%- set field = dict(defaults, **options) -%}
        {%- do field.update({'entity': entity, 'name': field_name, 'column': options.get('column', field_name)}) -%}
        {#- YAML reads the code of Norway, NO, as false -#}
        {%- if field.country is sameas false -%}{%- do field.update({'country': 'NO'}) -%}{%- endif -%}
        {%- set country = field.country -%}
        {%- if country is not none and country is not string and not (country is mapping and country.keys() | list == ['column']) -%}
            {{- dbt_dedup.spec_error(
                entity, key ~ '.country', country,
                'an ISO 3166 code of two letters such as US, GB or DE, or a column of them: {column: country}'
            ) -}}
        {%- endif -%}
        {#- YAML reads 1900-01-02 as a date, JSON does not know dates -#}
        {%- for bound in ['min', 'max'] if field[bound] is not none and field[bound] is not number -%}
            {%- do field.update({bound: field[bound] | string}) -%}
        {%- endfor -%}
        {%- do fields.append(field) -%}
    {%- endfor -%}
    {{- return(fields) -}}
{% endmacro %}
