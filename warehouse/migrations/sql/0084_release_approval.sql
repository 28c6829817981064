-- Who approved a release and when (四眼原则). Entries written before hold the approver in drafted_by of the entry with state approved; readers take him from there where approved_by is empty.
ALTER TABLE release ADD COLUMN IF NOT EXISTS approved_by String AFTER drafted, ADD COLUMN IF NOT EXISTS approved Nullable(DateTime64(3, 'Asia/Shanghai')) AFTER approved_by;
