{#
    SQL of the decision of the model on a pair of this match probability: match, review or no_match. `thresholds` is a row of
    int_<entity>__match_thresholds.
#}
{% macro _decision(match_probability, thresholds='match_thresholds') %}
    {{- return(dbt_dedup.case_lines([
        'when ' ~ match_probability ~ ' >= ' ~ thresholds ~ ".match_threshold then 'match'",
        'when ' ~ match_probability ~ ' >= ' ~ thresholds ~ ".review_threshold then 'review'",
    ], "'no_match'")) -}}
{% endmacro %}
