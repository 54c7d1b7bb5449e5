{#
    The constants of the method, by name: numbers that no spec changes, because features and models would mean something else
    with other values. Macros read them here, and so do the descriptions of features.
#}
{% macro method_constants() %}
    {%- set constants = {} -%}

    {#-
        Similarities read at most so many characters of a value. The cost of Jaro-Winkler and edit distance grows with the
        product of both lengths: a text of 100,000 characters would stop a build. Names, addresses and almost all titles are
        shorter.
    -#}
    {%- do constants.update({'compared_characters': 100}) -%}

    {#-
        A word with a digit is a code, such as a model number, from so many characters on. Shorter ones (5d, mk2, 10) occur in
        too many products to tell them apart.
    -#}
    {%- do constants.update({'code_characters': 4}) -%}

    {#- A pair keeps one bit per blocking rule and one for identical records in a signed 64-bit integer: 62 rules would fit. -#}
    {%- do constants.update({'blocking_rules': 60}) -%}

    {#- Rare words of a value that a blocking rule may meet on: more add large blocks, fewer lose a name with one word mistyped. -#}
    {%- do constants.update({'rare_tokens': 3}) -%}

    {#-
        A top_k rule looks a record up by its rarest items until these have met so many records, so that the cost grows with the
        records and not with their square. An item that more records have is not looked up.
    -#}
    {%- do constants.update({'searched_records': 500}) -%}

    {#-
        In a block above max_block_size, each record still meets its nine neighbours on either side in the order of the fields,
        enough to chain what differs in one value, and in sub-blocks 20 pairs per record: both cost in proportion to the records.
    -#}
    {%- do constants.update({'refined_window': 10, 'refined_pairs': 20}) -%}

    {#-
        Records are the same entity if they are equal in every field and chance alone would give a table less than one record
        in so many with such values. Their own copies are counted in, so the true chance is smaller.
    -#}
    {%- do constants.update({'chance_copies': 20}) -%}

    {#- Fields named as reasons for or against a match: as many as a person takes in at a glance. -#}
    {%- do constants.update({'reasons': 3}) -%}

    {#-
        Candidate pairs that a model without labels is learned from, about: all pairs among a part of the records. Fewer leave
        too few matches where they are rare (one candidate pair in 1,000 is 200 matches); more cost time and memory.
    -#}
    {%- do constants.update({'learned_pairs': 200000}) -%}

    {#-
        Tolerances of the tests, which a project may set otherwise where it declares a test. Two ways to compute one probability,
        or one feature: sums of doubles in another order differ by less, weights are kept as float.
    -#}
    {%- do constants.update({'probability_tolerance': 1e-9, 'feature_tolerance': 1e-9, 'weight_tolerance': 1e-5}) -%}

    {#-
        Precision and recall of production may differ so much from training. On the demo, blocking misses 7 of 314 matches
        (0.022); the tolerance leaves room for 9, and without any one of the demo's blocking rules it would be 12 or more.
        Fewer pairs than `metric_pairs` say too little, and beyond two standard errors a difference is hardly chance.
    -#}
    {%- do constants.update({'metric_tolerance': 0.03, 'metric_pairs': 20, 'standard_errors': 2}) -%}

    {#- No pair counts for more than odds of 99 to 1 where clusters merge, as in Python (MOST_CERTAIN): see resolve. -#}
    {%- do constants.update({'most_certain': 0.99}) -%}
    {#- With fewer parity vectors to compare, as a share of all, equal features prove little. -#}
    {%- do constants.update({'comparable_share': 0.5}) -%}

    {#-
        Years that a date can mean without the options min and max: from the oldest people and companies that registers name
        to a hundred years ahead. Times of a change lie in the age of databases; what does not is looked at closer.
    -#}
    {%- do constants.update({'date_years': [1000, 2126], 'change_years': [1971, 2099]}) -%}

    {#-
        What other records say counts from so many records on, if so large a share of them says it: the city of a postcode, the
        column of a name. A city is misspelled rather than another at so much similarity. A name in an address is that of
        another person below so much similarity (Jaro-Winkler) to both names of its record.
    -#}
    {%- do constants.update({
        'population_records': 20, 'population_share': 0.9, 'misspelled_similarity': 0.75, 'unlike_names': 0.7,
    }) -%}

    {{- return(constants) -}}
{% endmacro %}
