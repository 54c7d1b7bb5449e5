{# Stops where a number, name or list of the spec lies outside what it may be. #}
{% macro _check_entity_values(spec) %}
    {%- set thresholds = spec.thresholds -%}
    {%- set counts = {'review_budget': 0, 'large_entity': 1} -%}
    {%- set automatic = {'thresholds': ['match', 'review'], 'targets': ['max_entity_share', 'warn_entity_share']} -%}
    {%- for group, may_be_auto in automatic.items() -%}
        {%- for key, value in spec[group].items() if key not in counts and not (value == 'auto' and key in may_be_auto) -%}
            {%- if value is not number or value < 0 or value > 1 -%}
                {{- dbt_dedup.spec_error(
                    spec.name, group ~ '.' ~ key, value, 'a number from 0 to 1' ~ (' or auto' if key in may_be_auto else '')
                ) -}}
            {%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- for key, least in counts.items() if spec.targets[key] is not integer or spec.targets[key] < least -%}
        {{- dbt_dedup.spec_error(spec.name, 'targets.' ~ key, spec.targets[key], 'a whole number from ' ~ least) -}}
    {%- endfor -%}
    {%- set numbers = [thresholds.floor, thresholds.review, thresholds.match] | reject('equalto', 'auto') | list -%}
    {%- if numbers != numbers | sort -%}
        {{- dbt_dedup.spec_error(
            spec.name, 'thresholds', thresholds.floor ~ ', ' ~ thresholds.review ~ ', ' ~ thresholds.match,
            'floor <= review <= match'
        ) -}}
    {%- endif -%}
    {%- for key in ['max_block_size', 'max_cluster_size', 'max_pairs', 'random_pairs'] if spec[key] is not integer or spec[key] < 2 -%}
        {{- dbt_dedup.spec_error(spec.name, key, spec[key], 'a whole number from 2') -}}
    {%- endfor -%}
    {%- if spec.scoring not in ['python', 'sql'] -%}
        {{- dbt_dedup.spec_error(spec.name, 'scoring', spec.scoring, ['python', 'sql']) -}}
    {%- endif -%}
    {%- if spec.publish is not none and (spec.publish is not string or not spec.publish) -%}
        {{- dbt_dedup.spec_error(spec.name, 'publish', spec.publish, 'a folder, relative to that of dbt_project.yml') -}}
    {%- endif -%}
    {%- if spec.source_mode not in ['both', 'link_only', 'dedupe_only'] -%}
        {{- dbt_dedup.spec_error(spec.name, 'source_mode', spec.source_mode, ['both', 'link_only', 'dedupe_only']) -}}
    {%- endif -%}
    {%- if spec.source_mode != 'both' and not spec.source -%}
        {{- dbt_dedup.spec_error(spec.name, 'source', 'nothing', 'the column that names the source system, which ' ~ spec.source_mode ~ ' needs') -}}
    {%- endif -%}
    {%- if spec.truth_values and not spec.truth -%}
        {{- dbt_dedup.spec_error(spec.name, 'truth', 'nothing', 'the table with the true entity of each record, which truth_values needs') -}}
    {%- endif -%}
    {%- if spec.labels_decide is not boolean -%}
        {{- dbt_dedup.spec_error(spec.name, 'labels_decide', spec.labels_decide, 'true or false') -}}
    {%- endif -%}
    {%- if spec.duplicate_free is string or spec.duplicate_free is not sequence -%}
        {{- dbt_dedup.spec_error(spec.name, 'duplicate_free', spec.duplicate_free, 'a list of sources') -}}
    {%- endif -%}
    {%- if spec.duplicate_free and not spec.source -%}
        {{- dbt_dedup.spec_error(spec.name, 'source', 'nothing', 'the column that names the source system, which duplicate_free needs') -}}
    {%- endif -%}
    {%- for field in spec.fields if field.survivorship and field.survivorship not in dbt_dedup._survivorship_rules() -%}
        {{- dbt_dedup.spec_error(
            spec.name, 'fields.' ~ field.name ~ '.survivorship', field.survivorship, dbt_dedup._survivorship_rules()
        ) -}}
    {%- endfor -%}
    {%- for field in spec.fields -%}
        {%- for key in ['min', 'max'] if field[key] is not none -%}
            {%- if field.type == 'date' and not modules.re.fullmatch('[0-9]{4}-[0-9]{2}-[0-9]{2}', field[key] | string) -%}
                {{- dbt_dedup.spec_error(spec.name, 'fields.' ~ field.name ~ '.' ~ key, field[key], 'a date such as 1900-01-02') -}}
            {%- elif field.type == 'number' and field[key] is not number -%}
                {{- dbt_dedup.spec_error(spec.name, 'fields.' ~ field.name ~ '.' ~ key, field[key], 'a number') -}}
            {%- endif -%}
        {%- endfor -%}
        {%- for key in ['min_complete', 'max_problems']
            if field[key] is not none and (field[key] is not number or field[key] < 0 or field[key] > 1) -%}
            {{- dbt_dedup.spec_error(spec.name, 'fields.' ~ field.name ~ '.' ~ key, field[key], 'a number from 0 to 1') -}}
        {%- endfor -%}
    {%- endfor -%}
    {%- for feature in spec.features if feature.direction not in [-1, 0, 1] -%}
        {{- dbt_dedup.spec_error(spec.name, 'features.' ~ feature.name ~ '.direction', feature.direction, '1, 0 or -1') -}}
    {%- endfor -%}
{% endmacro %}
