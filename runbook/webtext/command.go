package webtext

import (
	"slices"
	"strings"

	"gatewalk/runbook/doc"
	"gatewalk/runbook/shell"
)

// belief is how much a row reads as a command, by itself.
type belief int

// The levels of belief. The set is ordered.
const (
	none     belief = iota // it is words
	joined                 // a word in it joins others, as in a sentence or a title: it is believed below words that say to run something
	possible               // nothing speaks against it: it is believed below words that announce it
	likely                 // it begins with what this text runs elsewhere, or with no word of a sentence, or has a verb behind its first word: it is believed where something begins
	certain                // it has a sign that only commands have, or begins with a program that everybody knows
)

// programs are the names that a text shows to be programs: what stands behind its prompts, before options, or before the word "command".
type programs map[string]bool

// wellKnown are programs whose names are no words of a sentence.
var wellKnown = doc.WordSet(`apt apt-get aptitude dpkg yum dnf zypper rpm snap pip pip3 npm cat cd chmod chown chgrp cp mv rm rmdir mkdir ln ls lsblk lsof lspci lsmod lscpu df du dd
	tar gzip gunzip unzip zcat rsync scp sftp ssh ssh-keygen ssh-copy-id curl wget nc netstat ss ip ifconfig ethtool traceroute nslookup grep egrep zgrep sed awk jq yq
	ps pkill pgrep uname hostnamectl timedatectl systemctl journalctl dmesg chkconfig crontab umount mkfs fdisk parted blkid swapoff swapon lvs pvs vgs lvcreate vgcreate pvcreate
	lvextend lvremove vgremove pvremove mdadm multipath iscsiadm smartctl zpool zfs xfs_growfs resize2fs e2fsck fsck docker podman crictl kubectl oc helm kubeadm kustomize
	ansible ansible-playbook git vi vim nano sudo su ceph rados rbd radosgw-admin cephadm ceph-volume gluster lctl lfs pcs crm crm_mon crm_resource cibadmin stonith_admin drbdadm
	mysql mysqldump mariadb psql pg_dump pg_ctl pg_basebackup pg_restore pg_upgrade redis-cli mongosh mongodump cqlsh nodetool etcdctl rabbitmqctl openstack juju
	scontrol sinfo squeue sacctmgr sbatch srun virsh qemu-img ipmitool dmidecode openssl keytool reboot poweroff gcloud az aws terraform`)

var (
	programForm = doc.Pattern(`^[a-z][\w.+-]*[a-z0-9]$`)
	calledForm  = doc.Pattern(`\b(?i:the|run|running|use|using|execute|executing|issue|via) ([a-z][\w+-]*(?:ctl|adm|cli|[-_][\w-]+)|[a-z]{2,}[\w+-]*)((?: [\w.<>/=-]+){0,6}) (?:commands?|utility|CLI|tool)\b`)
	bareForm    = doc.Pattern(`^[\w./@:+-]+(?: [\w./@:+=,<>{}\[\]*"'-]+){1,9}$`)
)

// taught are the programs that the rows of a text teach.
func taught(rows []row) programs {
	found := programs{}
	learn := func(command string) {
		command = strings.TrimPrefix(command, "sudo ")
		if first := firstWord(command); programForm().MatchString(first) && small(first) == 0 {
			found[first] = true
		}
	}
	for _, r := range rows {
		text := r.words()
		if prompt, ok := shell.CutPrompt(text); ok && prompt.Mark != "#" && prompt.Mark != ">" {
			learn(prompt.Command)
		} else if commandSign().MatchString(text) && found.believe(text) == certain {
			learn(text)
		}
		if strings.Contains(text, " command") || strings.Contains(text, " utility") || strings.Contains(text, " CLI") || strings.Contains(text, " tool") {
			for _, m := range calledForm().FindAllStringSubmatch(text, -1) {
				if m[2] != "" && small(m[2]) == 0 || strings.ContainsAny(m[1], "-_") {
					learn(m[1])
				}
			}
		}
	}
	return found
}

// linking are words that join the parts of a sentence. A command may have one among its options, as the word of a loop, or as its last: "on".
var linking = doc.WordSet("for from in on at with into onto as than but if both only not per via after before during while until because")

func links(text string) bool {
	for field := range strings.FieldsSeq(text[:max(0, strings.LastIndexByte(text, ' '))]) {
		if linking[strings.Trim(field, ".,:;()")] {
			return true
		}
	}
	return false
}

// unspoken are words that no command begins with.
var unspoken = doc.WordSet("or and then to command commands option options flag flags parameter parameters argument arguments value values file files")

// believe weighs a row by itself. What a remark behind it says, and what stands for a name, is no word of it.
func (known programs) believe(text string) belief {
	if startsUpper(text) && !strings.Contains(text, "=") {
		return none
	}
	text, _, _ = strings.Cut(text, "  #")
	text, _, _ = strings.Cut(text, " # ")
	text = strings.TrimRight(text, " ")
	said := text
	if strings.Contains(text, "<") {
		said = blank().ReplaceAllString(text, "X")
	}
	signed := commandSign().MatchString(said)
	if !commandHead().MatchString(text) || small(said) > 1 || prose(said) || endsAsWords(said) && !(signed && small(said) == 0 && !strings.HasSuffix(text, ".")) {
		return none
	}
	rest, asRoot := strings.CutPrefix(text, "sudo ")
	switch first := firstWord(rest); {
	case linking[first] && first != "for" && first != "while" && first != "until" || unspoken[first] || notProgram().MatchString(text):
		return none
	case signed && strings.ContainsAny(text, " =|") || strings.HasPrefix(text, "./"):
		return certain
	case small(said) > 0:
		return none
	case links(said):
		return joined
	case pathSign().MatchString(text) && strings.Contains(text, " "), said != text, asRoot, wellKnown[first]:
		return certain
	case shell.Verb(first):
		return possible
	case bareForm().MatchString(rest) && (known[first] || strings.ContainsAny(first, "-_") || hasVerb(rest) && !twoWords().MatchString(rest)):
		return likely
	}
	return possible
}

// twoWords may be anything, such as "depot opening".
var twoWords = doc.Pattern(`^[a-z]+ [a-z]+$`)

var (
	// blank is what stands for a name that the operator knows: "<name of the depot>".
	blank = doc.Pattern(`<[A-Za-z][^<>]{0,60}>`)
	// notProgram is a version, or nothing but the place of a file that nobody runs.
	notProgram = doc.Pattern(`^v?\d+\.\d|^[~.]?/\S+\.(?:ya?ml|conf|cnf|cfg|json|ini|log|txt|pem|crt|key|xml|toml|md|repo|list|service|rules|properties|html?)$`)
)

// endsAsWords says whether a row ends as a sentence, or a part of one, does.
func endsAsWords(text string) bool {
	return strings.HasSuffix(text, ".") && !strings.HasSuffix(text, " .") || strings.HasSuffix(text, ":") || strings.HasSuffix(text, ",")
}

// verbWithin is how many words behind its program the verb of a command stands at most.
const verbWithin = 3

// hasVerb says whether a verb stands behind the first word of a row, as most programs have it: "depot open gate".
func hasVerb(text string) bool {
	fields := strings.Fields(text)
	return slices.ContainsFunc(fields[1:min(len(fields), verbWithin+1)], shell.Verb)
}

// typed says whether a row reads as a command: after words that announce one it needs less to be believed.
func (known programs) typed(text string, announced bool) bool {
	belief := known.believe(text)
	return belief == certain || announced && belief >= possible
}

// bare says whether a row reads as nothing but a command and its words: small letters first, no end as of a sentence, and no word that only
// sentences have.
func bare(text string) bool {
	return startsLower(text) && !ends(text) && small(text) == 0 && bareForm().MatchString(text)
}
