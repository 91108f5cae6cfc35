#!/bin/bash
# Names of both parties are blank in camt.053.001.08: there they stand in Dbtr/Pty/Nm and Cdtr/Pty/Nm, in version 2 in
# Dbtr/Nm and Cdtr/Nm, and only those are read. The same statement in the old form shows that.
# Package: bankstatementparser 0.0.29. Valid input, invented people. Needs python3; fails if the behaviour has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
./venv/bin/pip install --quiet --disable-pip-version-check 'bankstatementparser==0.0.29'

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

sed -e 's/camt\.053\.001\.08/camt.053.001.02/' -e 's|<Pty>||g' -e 's|</Pty>||g' statement.xml > old-form.xml
./venv/bin/python - <<'PY'
from bankstatementparser import CamtParser
names = {}
for path in ("statement.xml", "old-form.xml"):
    table = CamtParser(path).parse()
    names[path] = [str(name) for name in table["Creditor"].fillna("")][:2]
    print(path, names[path])
assert names["statement.xml"] == ["", ""], "version 8: names are read now"
assert names["old-form.xml"] == ["Erika Beispiel", "Jana Vogel"], "the old form is read in another way now"
print("as found: bankstatementparser 0.0.29 loses the payees' names of camt.053.001.08")
PY
