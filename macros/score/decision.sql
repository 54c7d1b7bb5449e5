{# SQL of the decision on a pair of this match probability: match, review or no_match, by the thresholds of the spec. #}
{% macro decision(spec, match_probability) %}
    {{- return(dbt_dedup.case_lines([
        'when ' ~ match_probability ~ ' >= ' ~ spec.thresholds.match ~ " then 'match'",
        'when ' ~ match_probability ~ ' >= ' ~ spec.thresholds.review ~ " then 'review'",
    ], "'no_match'")) -}}
{% endmacro %}
