# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
#
# What an administrator does in the years between set_up and remove_it of cleanroom.sh, which
# reads this file: accounts, answers to patients, backups, and the move to another machine. The
# commands are those of the manual.

nurse=ESPGNU777NUR patient=ESPCLI001PAT
page=5f0c6a52-6b0e-4f0a-9c6e-0d5b0a3c1e77
hub=https://clinic:8443

# manual prints the commands of a page of the manual that change a machine: its nth block of them.
manual() { awk -v want="$2" '/^```host$/ { n++; on = n == want; next } /^```$/ { on = 0 } on' "internal/manual/$1.md"; }

# as prints the beginning of a request of an account, to be followed by a path.
as() { echo "$ask --user '$1:$2' $hub"; }

# patients writes twenty of them as a spreadsheet in Spain or Korea does: semicolons, a mark of
# the byte order, and lines that end as on Windows.
patients() {
    printf '\xef\xbb\xbfId;Name;Lastname;Gender;DOB\r\n'
    for n in $(seq -w 20); do
        case $((10#$n % 4)) in
        0) name='민준;김' ;;
        1) name='María José;Núñez Ibáñez' ;;
        2) name='"Raúl; el viejo";Peña' ;;
        3) name='서연;박' ;;
        esac
        printf 'ESPCLI0%sPAT;%s;f;19%s-05-31\r\n' "$n" "$name" "$((10#$n + 40))"
    done
}

# first_password prints that of a patient, from the list to print.
first_password() { sed -n "s/^$1 *\([^ ]*\) .*/\1/p" "$place/root/root/passwords.txt"; }

give_accounts() {
    step 'accounts: twenty patients of a spreadsheet, each with a password to print'
    patients >"$place/root/root/patients.csv"
    check "$(manual first-day 3)"
    check '[ "$(wc -l <passwords.txt)" = 20 ] && grep -q "Raúl; el viejo Peña" passwords.txt'
    check "$(as ESPCLI020PAT "$(first_password ESPCLI020PAT)")/people/ESPCLI020PAT | grep -q 민준"
    step 'accounts: the same list again changes nothing'
    check 'cp passwords.txt before && thalamus account add --from patients.csv >> passwords.txt && diff before passwords.txt'
}

change_passwords() {
    step 'passwords: a nurse changes her own, over the API and in the form'
    check "echo first-password | thalamus account add $nurse --name Eva --lastname Cano --role health_professional"
    check "$(as $nurse first-password)/people/$nurse --request PATCH --data '{\"password\": \"second-password\"}'"
    refuse "$(as $nurse first-password)/login"
    check "$(as $nurse second-password)/password/$nurse --data 'password=third-password&pconfirm=third-password'"
    check "$(as $nurse third-password)/login"
    step 'passwords: somebody who forgot it is given another'
    check "echo another-password | thalamus account password $patient"
    check "$(as $patient another-password)/login"
    refuse "$(as $patient "$(first_password $patient)")/login"
}

close_accounts() {
    step 'accounts: closed and opened again, but never the last administrator'
    check "thalamus account disable $nurse"
    refuse "$(as $nurse third-password)/login"
    check "thalamus account enable $nurse"
    check "$(as $nurse third-password)/login"
    refuse 'thalamus account disable ESPGNU777ADM || thalamus account roles ESPGNU777ADM -root || thalamus erase ESPGNU777ADM --yes'
    refuse "$as_admin/people/ESPGNU777ADM --request PATCH --data '{\"active\": false}'"
    used
}

answer_patients() {
    step 'seen: a patient asks who has read her record'
    check "$(as $nurse third-password)/people/$patient"
    check "thalamus seen $patient | grep -q '$nurse  *Eva Cano  *person '"
    check "thalamus seen $patient --csv | grep -q ',$nurse,Eva Cano,GET,person,'"
    step 'deleted: a page with its document comes back'
    write_page $patient $page
    check "$as_admin/personal_docs/$patient/$page/scan --request DELETE && $as_admin/pols/$patient/$page --request DELETE"
    check "thalamus deleted --person $patient | sed -n 's/.*  thalamus/thalamus/p' >again && [ \"\$(wc -l <again)\" = 2 ] && sh -e again"
    check "$as_admin/personal_docs/$patient/$page/scan | grep -qx 'the scan'"
    step 'deleted: a person comes back, and is let in'
    check 'thalamus account disable ESPCLI019PAT && thalamus account delete ESPCLI019PAT && thalamus restore person ESPCLI019PAT'
    check "echo another-password | thalamus account password ESPCLI019PAT --enable"
    check "$(as ESPCLI019PAT another-password)/login"
}

# write_page has the nurse write a page about a patient, with a document.
write_page() {
    check "$(as $nurse third-password)/pols/$1/$2 --data '{\"id\": \"$2\", \"book\": \"$1\", \"page_date\": \"2026-05-31\", \"domain\": \"medical\"}'"
    check "echo the scan >scan.txt && $(as $nurse third-password)/personal_docs/$1/$2 --form document=@scan.txt --form 'data={\"id\": \"scan\"}'"
}

erase_one() {
    step 'erase: nothing of a person is left in the database'
    check "$(as $nurse third-password)/pols/ESPCLI002PAT/erased --data '{\"id\": \"erased\", \"book\": \"ESPCLI002PAT\", \"summary\": \"unheard-of\"}'"
    refuse 'thalamus erase ESPCLI002PAT </dev/null'
    check 'cd / && runuser -u postgres -- pg_dump federation | grep -q unheard-of'
    check 'thalamus erase ESPCLI002PAT --yes'
    refuse 'cd / && runuser -u postgres -- pg_dump federation | grep -q unheard-of'
    refuse "$as_admin/people/ESPCLI002PAT"
}

keep_place() {
    step 'changes: a node keeps its place in the feed'
    check "$as_admin/changes?data=none | sed 's/.*\"next\": *\"\([^\"]*\)\".*/\1/' >/var/backups/cursor"
    check "$as_admin/changes?since=\$(cat /var/backups/cursor)"
}

# content prints the sums of all tables, wherever their rows lie, but for those that the hub writes some
# moments behind the changes, by itself: the feed, the index of the access record, followers, counts.
content='for table in $(runuser -u postgres -- psql -d federation -Atc "SELECT tablename FROM pg_tables
        WHERE schemaname = '"'public' AND tablename !~ '^thalamus_(feed|access|followers|statistics)'"' ORDER BY 1"); do
    echo $table $(runuser -u postgres -- psql -d federation -Atc "SELECT t FROM $table t ORDER BY t::text" | sha256sum); done'

back_up() {
    step "backup: $1"
    check "set -e; $(manual backups 1)"
    check "cd / && $content >/var/backups/content && grep -q '^thalamus_changes ' /var/backups/content"
}

# restored looks whether all is there that was, for everybody.
restored() {
    check "cd / && $content >/root/after && diff /var/backups/content /root/after"
    check 'thalamus check'
    check "$(as $nurse third-password)/personal_docs/$patient/$page/scan | grep -qx 'the scan'"
    check "$(as ESPCLI020PAT "$(first_password ESPCLI020PAT)")/login"
    check "thalamus seen $patient | grep -q '$nurse  *Eva Cano  *person '"
    soon "$as_admin/people/$patient/access | grep -q '\"account\": *\"$nurse\"[^}]*\"endpoint\": *\"person\"'"
    check "$as_admin/changes?since=\$(cat /var/backups/cursor)"
    used
}

lose_database() {
    step 'loss: the database goes while the hub serves, and comes back from the backup'
    check 'cd / && runuser -u postgres -- dropdb --force federation'
    refuse "$as_admin/login --max-time 2"
    check "$(manual backups 2)"
    restored
    step 'loss: a database that is wrong is set aside for the backup'
    check "$as_admin/people/ESPCLI018PAT --request PATCH --data '{\"name\": \"wrong\"}'"
    check "set -e; $(manual backups 2)"
    restored
}

find_no_secret() {
    step 'secrets: no password is in a log or a file of settings'
    refuse 'grep -rq -e correct-horse -e third-password -e another-password /etc/thalamus /var/log'
    refuse 'journalctl --quiet | grep -q -e correct-horse -e third-password -e another-password'
}

# move_out leaves what goes to another machine in $place, and move_in takes it up there.
move_out() {
    check 'systemctl disable --now thalamus.socket thalamus.service'
    back_up 'the last one on this machine'
    cp "$place"/root/var/backups/{federation.dump,thalamus.tar.gz,content,cursor} "$place"/root/root/passwords.txt "$place/"
}

move_in() {
    step 'another machine: it has the federation, with its certificate and passwords'
    check 'dpkg --install new.deb'
    cp "$place"/{federation.dump,thalamus.tar.gz,content,cursor} "$place/root/var/backups/"
    cp "$place/passwords.txt" "$place/root/root/"
    check "set -e; $(manual backups 3)"
    check 'thalamus setup >again && grep -q "^is so   an administrator" again'
    restored
}
