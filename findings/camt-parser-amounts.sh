#!/bin/bash
# The transfers of a collective booking lose their amounts: they are looked for in AmtDtls/TxAmt only, and from version 4 on
# they stand in TxDtls/Amt.
# Package: camt-parser 1.1.0. Valid input, invented people. Needs node and npm; fails if the behaviour has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y > /dev/null
npm install --silent --no-audit --no-fund 'camt-parser@1.1.0' > /dev/null

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

cat > read.cjs <<'JS'
const { readFileSync } = require('fs');
const { parseCamt053 } = require('camt-parser');
(async () => {
  const document = await parseCamt053(readFileSync('statement.xml', 'utf8'));
  const collective = document.statements[0].transactions[0];
  console.log(JSON.stringify(collective.details.map((detail) => [detail.references.endToEndId, detail.amountDetails])));
  const amounts = collective.details.map((detail) => detail.amountDetails.transactionAmount.value);
  if (amounts.length !== 2 || amounts.some((amount) => amount !== '')) throw new Error('amounts of transfers are read now');
  console.log('as found: camt-parser 1.1.0 knows the sum 1377.75 and the two ids, but no amount of a transfer');
})().catch((error) => { console.error(error.message); process.exit(1); });
JS
node read.cjs
