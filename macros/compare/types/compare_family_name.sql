{# Family names: spelling, sound, double names, generation, and how rare the shared name is. #}
{% macro compare_family_name(field) %}
    {%- set f = field.name -%}
    {{- return([
        dbt_dedup.same_name_feature(f),
    ] + dbt_dedup.one_where(dbt_dedup.same_name(f), [
        dbt_dedup.name_similarity_feature('jaro_winkler', f),
        dbt_dedup.edit_feature(f),
        dbt_dedup.same_feature('sound', f ~ '__soundex', 'the Soundex codes'),
        dbt_dedup.contains_feature(f),
    ]) + [
        dbt_dedup.generation_feature(f),
        dbt_dedup.rarity_feature(f, dbt_dedup.same_name(f)),
    ]) -}}
{% endmacro %}
