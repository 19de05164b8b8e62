// SPDX-License-Identifier: GPL-3.0-or-later

package fed

import "slices"

// EmergencyTreatment is the purpose of whoever opens a book that is withheld, as ActReason of HL7 v3 has it.
const EmergencyTreatment = "ETREAT"

// FamilyRequest is the purpose of who reads because of acting for a person.
const FamilyRequest = "FAMRQT"

// purposes are the codes of PurposeOfUse in ActReason of HL7 v3.
var purposes = []string{
	"BIORCH", "BTG", "CAREMGT", "CLINTRCH", "CLINTRCHNPC", "CLINTRCHPC", "CLINTRL", "CLMATTCH", "COC", "COVAUTH", "COVERAGE", "DISASTER",
	"DONAT", "DSRCH", "ELIGDTRM", "ELIGVER", "ENROLLM", "ERTREAT", "ETREAT", "FAMRQT", "FRAUD", "GOV", "HACCRED", "HCOMPL", "HDECD", "HDIRECT",
	"HDM", "HLEGAL", "HMARKT", "HOPERAT", "HOUTCOMS", "HPAYMT", "HPRGRP", "HQUALIMP", "HRESCH", "HSYSADMIN", "HTEST", "LABELING", "MEMADMIN",
	"METAMGT", "MILCDM", "MILDCRG", "PATADMIN", "PATRQT", "PATSFTY", "PERFMSR", "POARCH", "POPHLTH", "PRECLINTRCH", "PUBHLTH", "PWATRNY",
	"RECORDMGT", "REMITADV", "SUPNWK", "SYSDEV", "THREAT", "TRAIN", "TRANSRCH", "TREAT",
}

// IsPurpose reports whether a text is the code of a purpose for which health records are used.
func IsPurpose(text string) bool {
	_, found := slices.BinarySearch(purposes, text)
	return found
}

// Opening is a book that an account reads in an emergency, whatever is withheld.
type Opening struct{ Emergency, Person string }
