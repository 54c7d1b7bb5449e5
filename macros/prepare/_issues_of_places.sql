{#
    Postcodes of another city: at least `population_records` records have the postcode, and at least `population_share` of them
    name one city, which is spelled unlike that of the record. A city spelled almost like it is misspelled. One entry of
    _issues_across_fields for each address.
#}
{% macro _issues_of_places(spec) %}
    {%- set constants = dbt_dedup.method_constants() -%}
    {%- set issues = [] -%}
    {%- for postcode, city in dbt_dedup._fields_together(spec, ['postcode', 'city']) -%}
        {%- set p, c = postcode.name, city.name -%}
        {%- set ctes -%}
-- which city do the records with a postcode name?
{{ p }}__spellings as (
    select
        {{ p }},
        {{ c }},
        {{ c }}__original,
        count(*) as records
    from records
    where {{ p }} is not null and {{ c }} is not null
    group by {{ p }}, {{ c }}, {{ c }}__original
),

{{ p }}__cities as (
    select
        *,
        sum(records) over (partition by {{ p }}) as records_of_postcode,
        sum(records) over (partition by {{ p }}, {{ c }}) as records_of_city,
        row_number() over (partition by {{ p }}, {{ c }} order by records desc, {{ c }}__original asc) as {{ p }}__place
    from {{ p }}__spellings
),

{{ p }}__usual_cities as (
    select
        {{ p }} as postcode,
        {{ c }} as city,
        {{ c }}__original as {{ c }}__spelling
    from {{ p }}__cities
    where
        {{ p }}__place = 1
        and records_of_postcode >= {{ constants.population_records }}
        and records_of_city >= {{ constants.population_share }} * records_of_postcode
),

{{ p }}__unlike_cities as (
    select
        records.*,
        usual.{{ c }}__spelling,
        {{ dbt_dedup.edit_similarity('usual.city', 'records.' ~ c) | indent(8) }} >= {{ constants.misspelled_similarity }} as is_misspelled
    from records
    inner join {{ p }}__usual_cities as usual on records.{{ p }} = usual.postcode
    -- one inside the other is a longer name of the city or a part of it: Frankfurt am Main
    where position(usual.city in records.{{ c }}) = 0 and position(records.{{ c }} in usual.city) = 0
),

{{ p }}__issues as (
    select
        record_id,
        source,
        case when is_misspelled then '{{ c }}' else '{{ p }}' end as field,
        case when is_misspelled then 'misspelled' else 'postcode_of_another_city' end as problem,
        case when is_misspelled then {{ c }}__original else {{ p }}__original end as original_value,
        case when is_misspelled then {{ c }}__spelling end as proposed_value
    from {{ p }}__unlike_cities
),
        {%- endset -%}
        {%- do issues.append({'ctes': ctes, 'name': p ~ '__issues'}) -%}
    {%- endfor -%}
    {{- return(issues) -}}
{% endmacro %}
