#!/bin/bash
# A returned transfer loses its reason: RtrInf (AC04, account closed) appears in none of the columns, so that a return is told from
# any other credit by its sub-family code alone.
# Package: pycamt 1.1.1. Valid input, invented people. Needs python3; fails if the behaviour has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
./venv/bin/pip install --quiet --disable-pip-version-check 'pycamt==1.1.1'

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
from pycamt.parser import Camt053Parser
rows = list(Camt053Parser(open("statement.xml", "rb").read()).get_transactions())
back = [row for row in rows if row["CreditDebitIndicator"] == "CRDT"]
assert len(back) == 1
told = {name: value for name, value in back[0].items() if value}
print(told)
values = " ".join(str(value) for value in told.values())
assert "AC04" not in values, "the reason is read now"
assert "RRTN" in values and "DE05999100430032828780" in values, "returns are told in another way now"
print("as found: pycamt 1.1.1 does not tell why a transfer came back")
PY
