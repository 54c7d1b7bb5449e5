select cast(day as date) as day
from generate_series(timestamp '2019-01-01', timestamp '2027-12-31', interval 1 day) as days (day)
