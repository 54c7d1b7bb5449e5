{#
    The comparison features of a spec in order: those of each field's type, those of the whole record's
    text, those across fields, those the spec adds.
    Each has a name, the field it speaks of, its SQL over the two sides `l` and `r`, a description and a direction:
    1 where a larger value means more alike, -1 where it means less alike, 0 where neither is known.
#}
{% macro _entity_features(entity, fields, given) %}
    {%- set features = [] -%}
    {%- for field in fields if field.compare -%}
        {%- for feature in dbt_dedup._type_macro('compare', field.type)(field) -%}
            {%- do features.append(dict(feature, name=field.name ~ '_' ~ feature.name, field=field.name, drift=feature.get('drift', 0))) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- set whole = dbt_dedup._whole_text(fields) -%}
    {%- for feature in (dbt_dedup._compare_whole_text(whole) if whole else []) -%}
        {%- do features.append(dict(feature, name=whole.name ~ '_' ~ feature.name, field=whole.name)) -%}
    {%- endfor -%}
    {%- for field in fields if whole and field.name in whole.parts and dbt_dedup.prepare_field(field).sought_in_text -%}
        {%- do features.append(dict(dbt_dedup.feature(
            field.name ~ '_in_text', dbt_dedup.stands_in_text(field.name, whole.name),
            '1 if the identifier of one record is part of the whole text of the other, 0 if not'
        ), field=field.name)) -%}
    {%- endfor -%}
    {%- for feature in dbt_dedup._compare_across_fields(fields) -%}{%- do features.append(dict({'drift': 0}, **feature)) -%}{%- endfor -%}

    {%- for feature in dbt_dedup._entity_sql_rules(entity, 'features', given, group='feature') -%}
        {%- if feature.name in dbt_dedup._pair_columns() -%}
            {{- dbt_dedup.spec_error(entity, 'features', feature.name, 'another name: this one is a column of the package itself') -}}
        {%- elif feature.name in dbt_dedup._sql_words() -%}
            {{- dbt_dedup.spec_error(entity, 'features', feature.name, 'another name: this one is a word of SQL') -}}
        {%- endif -%}
        {%- do features.append(dict(feature, field=feature.field or feature.name)) -%}
    {%- endfor -%}

    {%- set names = features | map(attribute='name') | list -%}
    {%- for feature_name in names if names.count(feature_name) > 1 -%}
        {{- dbt_dedup.spec_error(entity, 'features', feature_name, 'a name that no other feature has') -}}
    {%- endfor -%}
    {%- if not names -%}
        {{- dbt_dedup.spec_error(entity, 'fields', 'no field to compare', 'at least one field without `compare: false`') -}}
    {%- endif -%}
    {{- return(features) -}}
{% endmacro %}
