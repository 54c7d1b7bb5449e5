{#
    The comparison features of a spec in order: those of each field's type, those of the whole record's
    text, those across fields, those the spec adds.
    Each has a name, the field it speaks of, its SQL over the two sides `l` and `r`, a description and a direction:
    1 where a larger value means more alike, -1 where it means less alike, 0 where neither is known.
#}
{% macro entity_features(entity, fields, given) %}
    {%- set features = [] -%}
    {%- for field in fields if field.compare -%}
        {%- for feature in dbt_dedup.type_macro('compare', field.type)(field) -%}
            {%- do features.append(dict(feature, name=field.name ~ '_' ~ feature.name, field=field.name, drift=feature.get('drift', 0))) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- set whole = dbt_dedup.whole_text(fields) -%}
    {%- for feature in (dbt_dedup.compare_whole_text(whole) if whole else []) -%}
        {%- do features.append(dict(feature, name=whole.name ~ '_' ~ feature.name, field=whole.name)) -%}
    {%- endfor -%}
    {%- for field in fields if whole and field.name in whole.parts and dbt_dedup.prepare_field(field).sought_in_text -%}
        {%- do features.append(dict(dbt_dedup.feature(
            field.name ~ '_in_text', dbt_dedup.stands_in_text(field.name, whole.name),
            '1 if the identifier of one record is part of the whole text of the other, 0 if not'
        ), field=field.name)) -%}
    {%- endfor -%}
    {%- for feature in dbt_dedup.compare_across_fields(fields) -%}{%- do features.append(dict({'drift': 0}, **feature)) -%}{%- endfor -%}

    {%- for feature in given -%}
        {%- set allowed = ['name', 'sql', 'field', 'direction', 'description', 'drift'] -%}
        {%- for key in feature if key not in allowed -%}
            {{- dbt_dedup.spec_error(entity, 'features.' ~ key, key, allowed) -}}
        {%- endfor -%}
        {%- if not feature.get('name') or not feature.get('sql') -%}
            {{- dbt_dedup.spec_error(entity, 'features', feature, 'a mapping with name and sql (over l.<column> and r.<column>)') -}}
        {%- endif -%}
        {%- if not modules.re.fullmatch('[a-z][a-z0-9_]*', feature.name) -%}
            {{- dbt_dedup.spec_error(
                entity, 'features.' ~ feature.name, feature.name, 'a name of lower-case letters, digits and underscores'
            ) -}}
        {%- endif -%}
        {%- do features.append({
            'name': feature.name,
            'field': feature.get('field', feature.name),
            'sql': feature.sql,
            'direction': feature.get('direction', 0),
            'description': feature.get('description', 'declared in the entity spec'),
            'drift': feature.get('drift', 0),
        }) -%}
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
