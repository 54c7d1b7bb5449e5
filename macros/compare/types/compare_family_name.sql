{# Family names: spelling, sound, double names, generation, and how rare the shared name is. #}
{% macro compare_family_name(field) %}
    {%- set f = field.name -%}
    {{- return(dbt_dedup.spelling_features(f) + [
        dbt_dedup.feature('sound', dbt_dedup.same(f ~ '__soundex'), '1 where the Soundex codes are equal'),
        dbt_dedup.contains_feature(f),
        dbt_dedup.feature(
            'generation', dbt_dedup.generation_agreement(f),
            '1 where junior, senior, iii agree, 0 where they differ, one half where only one side has any'
        ),
        dbt_dedup.rarity_feature(f),
    ]) -}}
{% endmacro %}
