options(digits=15)
suppressMessages({library(metafor); library(epitools); library(spc)})
w <- function(x, f) write.csv(x, file.path("jobs/compare", f), row.names=FALSE, quote=FALSE)
# binomial and Poisson quantiles
g <- expand.grid(n=c(20,57,100,1234,25000), p=c(0.01,0.153,0.5,0.87), q=c(0.001,0.025,0.975,0.999))
g$r <- qbinom(g$q, g$n, g$p); w(g, "funnel/testdata/qbinom.csv")
h <- expand.grid(mu=c(0.4,3.2,17,155.5,4200), q=c(0.001,0.025,0.975,0.999)); h$r <- qpois(h$q, h$mu); w(h, "funnel/testdata/qpois.csv")
# exact two-sided probabilities of a count r of n within a group of num of den: given the group's sums
b <- data.frame(r=c(0,3,15,30,70,999,660,12), n=c(20,57,57,100,100,1234,2130,900), num=c(40,90,90,300,500,9000,14000,40), den=c(400,600,600,1000,1000,11000,46000,9000))
two <- function(d, below, above) pmin(1, 2*pmin(below + d, above + d))
b$hyper <- with(b, two(dhyper(r,num,den-num,n), phyper(r-1,num,den-num,n), phyper(r,num,den-num,n,lower.tail=FALSE)))
b$binom <- with(b, two(dbinom(r,num,n/den), pbinom(r-1,num,n/den), pbinom(r,num,n/den,lower.tail=FALSE)))
w(b,"funnel/testdata/exact.csv")
# Benjamini-Hochberg
set.seed(11); p <- c(runif(20), rbeta(11,0.3,8)); w(data.frame(p=p, bh=p.adjust(p,"BH")), "funnel/testdata/bh.csv")
# DerSimonian-Laird on raw proportions with variance at the pooled centre
set.seed(12); n <- c(120,340,89,950,2100,60,410,777,1500,305); x <- rbinom(10,n,plogis(qlogis(.3)+rnorm(10,0,.25)))
c0 <- sum(x)/sum(n); v <- c0*(1-c0)/n; m <- rma(yi=x/n, vi=v, method="DL")
w(data.frame(x=x,n=n,centre=c0,tau2=m$tau2,q=m$QE), "funnel/testdata/dl.csv")
# direct and indirect standardisation
cnt <- c(12,30,44,8); pop <- c(100,420,380,50); std <- c(5000,12000,9000,700); stdc <- c(700,1100,800,90)
d <- ageadjust.direct(cnt,pop,stdpop=std); i <- ageadjust.indirect(cnt,pop,stdc,std)
w(data.frame(count=cnt,pop=pop,stdcount=stdc,stdpop=std,direct=d["adj.rate"],crude=d["crude.rate"],observed=i$sir["observed"],expected=i$sir["exp"],sir=i$sir["sir"],indirect=i$rate["adj.rate"]), "funnel/testdata/standard.csv")
# CUSUM average run lengths (two-sided, k=.5)
a <- expand.grid(h=c(4,5), mu=c(0,0.5,1,2,3)); a$arl <- mapply(function(h,mu) xcusum.arl(0.5,h,mu,sided="two"), a$h,a$mu); w(a,"control/testdata/arl.csv")
cat(R.version.string, "metafor", as.character(packageVersion("metafor")), "epitools", as.character(packageVersion("epitools")), "spc", as.character(packageVersion("spc")), "\n")
